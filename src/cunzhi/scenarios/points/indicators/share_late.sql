-- title_zh: 逾期步骤占比
-- title_en: Share of steps taken late
-- unit_zh: %
-- unit_en: %
-- better: less
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN was_late THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM steps
WHERE workflow = 'deed' AND from_state IN ('rechecking', 'objected', 'appealed') AND by_person
GROUP BY place_code, month
