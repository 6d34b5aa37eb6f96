-- title_zh: 建议按期答复占比
-- title_en: Share of suggestions answered in time
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN answered_in_time THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM suggestions
GROUP BY place_code, month
