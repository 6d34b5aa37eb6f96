-- title_zh: 提问按期答复占比
-- title_en: Share of questions answered in time
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, closed_month AS period,
       100.0 * SUM(CASE WHEN was_late THEN 0 ELSE 1 END) / COUNT(*) AS value
FROM cases
WHERE workflow = 'question' AND outcome = 'done'
GROUP BY place_code, closed_month
