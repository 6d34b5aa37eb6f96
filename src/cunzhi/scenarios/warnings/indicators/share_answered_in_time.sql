-- title_zh: 按时答复占比
-- title_en: Share answered in time
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN answered_in_time THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM alarms
WHERE called AND NOT is_drill
GROUP BY place_code, month
