-- title_zh: 从观测到叫应的分钟数
-- title_en: Minutes from observation to the first call
-- unit_zh: 分钟
-- unit_en: minutes
-- better: less
SELECT place_code AS place, month AS period, AVG(minutes_to_call) AS value
FROM alarms
WHERE called AND NOT is_drill
GROUP BY place_code, month
