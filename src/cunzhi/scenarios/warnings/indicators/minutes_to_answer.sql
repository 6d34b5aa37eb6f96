-- title_zh: 从叫应到答复的分钟数
-- title_en: Minutes from the first call to the answer
-- unit_zh: 分钟
-- unit_en: minutes
-- better: less
SELECT place_code AS place, month AS period, AVG(minutes_to_answer) AS value
FROM alarms
WHERE answered AND NOT is_drill
GROUP BY place_code, month
