-- title_zh: 代办占比
-- title_en: Share reported with a helper
-- unit_zh: %
-- unit_en: %
-- better: none
SELECT place_code AS place, opened_month AS period,
       100.0 * SUM(CASE WHEN helped THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM cases
WHERE workflow = 'deed'
GROUP BY place_code, opened_month
