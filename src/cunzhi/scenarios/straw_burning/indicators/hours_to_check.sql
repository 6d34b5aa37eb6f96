-- title_zh: 从卫星看到到现场核查
-- title_en: From the satellite's look to the check
-- unit_zh: 小时
-- unit_en: hours
-- better: less
SELECT place_code AS place, month AS period, AVG(hours_to_check) AS value
FROM fires
WHERE was_checked AND NOT was_merged
GROUP BY place_code, month
