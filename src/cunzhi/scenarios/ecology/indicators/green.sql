-- title_zh: 平均植被指数 NDVI
-- title_en: Mean vegetation index (NDVI)
-- unit_zh: 指数
-- unit_en: index
-- better: none
SELECT place_code AS place, month AS period, AVG(mean) AS value
FROM measured
WHERE substance = 'ndvi'
GROUP BY place_code, month
