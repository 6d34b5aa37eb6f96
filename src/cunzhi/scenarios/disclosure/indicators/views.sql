-- title_zh: 公开被查看次数
-- title_en: Devices that opened a notice
-- unit_zh: 台次
-- unit_en: device-days
-- better: none
SELECT place_code AS place, month AS period, SUM(devices) AS value
FROM views
GROUP BY place_code, month
