-- title_zh: 逾期办理占比
-- title_en: Share with a step taken late
-- unit_zh: %
-- unit_en: %
-- better: less
SELECT place_code AS place, closed_month AS period,
       100.0 * SUM(CASE WHEN was_late THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM cases
WHERE workflow = 'problem' AND outcome = 'done'
GROUP BY place_code, closed_month
