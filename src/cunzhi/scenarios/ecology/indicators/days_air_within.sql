-- title_zh: PM2.5 日平均符合限值的天数占比
-- title_en: Share of days on which PM2.5 kept to its limit
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE
           WHEN day < '2026-03-01' AND mean <= 75 THEN 1
           WHEN day >= '2026-03-01' AND day < '2031-01-01' AND mean <= 60 THEN 1
           WHEN mean <= 50 THEN 1
           ELSE 0
       END) / COUNT(*) AS value
FROM measured
WHERE substance = 'pm25' AND standard = 'air_2' AND seen >= 20
GROUP BY place_code, month
