-- title_zh: 误报占比
-- title_en: Share of false alarms
-- unit_zh: %
-- unit_en: %
-- better: less
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN was_false THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM alarms
WHERE judged AND NOT is_drill
GROUP BY place_code, month
