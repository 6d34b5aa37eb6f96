-- title_zh: 重开占比
-- title_en: Share of finished work re-opened
-- unit_zh: %
-- unit_en: %
-- better: less
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN transition = 'reopen' THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM steps
WHERE workflow = 'problem' AND from_state = 'done'
GROUP BY place_code, month
