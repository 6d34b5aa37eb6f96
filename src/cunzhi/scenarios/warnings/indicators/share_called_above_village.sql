-- title_zh: 叫到乡镇以上的占比
-- title_en: Share of calls to the township and above
-- unit_zh: %
-- unit_en: %
-- better: less
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN rung IN ('township_officer', 'county_officer') THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM calls
WHERE NOT is_drill
GROUP BY place_code, month
