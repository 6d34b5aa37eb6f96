-- title_zh: 从观测到公众预警的分钟数
-- title_en: Minutes from observation to the public warning
-- unit_zh: 分钟
-- unit_en: minutes
-- better: less
SELECT place_code AS place, month AS period, AVG(minutes_to_warn) AS value
FROM warnings
WHERE from_alarm AND kind = 'Alert' AND NOT is_exercise
GROUP BY place_code, month
