-- title_zh: 登记了人数的安置点占比
-- title_en: Share of shelters that counted heads
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, month AS period, 100.0 * SUM(shelters_counted) / SUM(shelters) AS value
FROM emergencies
WHERE was_ended AND NOT is_drill AND shelters > 0
GROUP BY place_code, month
