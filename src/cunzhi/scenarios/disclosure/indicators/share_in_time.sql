-- title_zh: 按期公开占比
-- title_en: Share of columns made public in time
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN was_late THEN 0 ELSE 1 END) / COUNT(*) AS value
FROM notices
WHERE duty IN ('finance', 'funds', 'decisions', 'government_work', 'points_shop') AND NOT corrects_another
GROUP BY place_code, month
