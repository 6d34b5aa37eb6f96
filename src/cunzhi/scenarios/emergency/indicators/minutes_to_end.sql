-- title_zh: 从启动到结束
-- title_en: Minutes until an emergency is over
-- unit_zh: 分钟
-- unit_en: minutes
-- better: none
SELECT place_code AS place, month AS period, AVG(minutes_to_end) AS value
FROM emergencies
WHERE was_ended AND NOT is_drill
GROUP BY place_code, month
