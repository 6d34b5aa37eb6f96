-- title_zh: 两次公开和异议答复都按时的占比
-- title_en: Share with both publications and all answers to objections in time
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, closed_month AS period,
       100.0 * SUM(CASE WHEN was_late THEN 0 ELSE 1 END) / COUNT(*) AS value
FROM cases
WHERE workflow = 'decision' AND outcome = 'done'
GROUP BY place_code, closed_month
