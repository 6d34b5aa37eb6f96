-- title_zh: 议题按期答复占比
-- title_en: Share of topics answered in time
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, due_month AS period,
       100.0 * SUM(CASE WHEN answered_in_time THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM topics
GROUP BY place_code, due_month
