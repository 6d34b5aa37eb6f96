-- title_zh: 核查后没有火的占比
-- title_en: Share where nothing burned
-- unit_zh: %
-- unit_en: %
-- better: less
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN found = 'nothing' THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM fires
WHERE was_checked AND NOT was_merged
GROUP BY place_code, month
