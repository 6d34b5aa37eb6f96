-- title_zh: 按时办到的任务占比
-- title_en: Share of duties done in time
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, month AS period, 100.0 * SUM(duties_in_time) / SUM(duties) AS value
FROM emergencies
WHERE was_ended AND NOT is_drill AND duties > 0
GROUP BY place_code, month
