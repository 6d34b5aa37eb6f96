-- title_zh: 从启动到第一项任务办到
-- title_en: Minutes until the first duty is done
-- unit_zh: 分钟
-- unit_en: minutes
-- better: less
SELECT place_code AS place, month AS period, AVG(minutes_to_first_duty) AS value
FROM emergencies
WHERE was_ended AND NOT is_drill AND duties_done > 0
GROUP BY place_code, month
