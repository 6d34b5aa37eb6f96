-- title_zh: 失联的传感器
-- title_en: Sensors that fell silent
-- unit_zh: 个
-- unit_en: sensors
-- better: less
SELECT place_code AS place, month AS period, COUNT(DISTINCT sensor_id) AS value
FROM silences
GROUP BY place_code, month
