-- title_zh: 从观测到现场处置的分钟数
-- title_en: Minutes from observation to somebody acting there
-- unit_zh: 分钟
-- unit_en: minutes
-- better: less
SELECT place_code AS place, month AS period, AVG(minutes_to_arrive) AS value
FROM alarms
WHERE handled AND NOT is_drill
GROUP BY place_code, month
