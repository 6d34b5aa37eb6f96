-- title_zh: 卫星看到的火点
-- title_en: Fires seen by satellite
-- unit_zh: 处
-- unit_en: fires
-- better: none
SELECT place_code AS place, month AS period, COUNT(*) AS value
FROM fires
WHERE NOT was_merged
GROUP BY place_code, month
