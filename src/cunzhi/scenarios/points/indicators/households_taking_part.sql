-- title_zh: 参与户数
-- title_en: Households taking part
-- unit_zh: 户
-- unit_en: households
-- better: more
SELECT place_code AS place, opened_month AS period, COUNT(DISTINCT household_id) AS value
FROM cases
WHERE workflow = 'deed'
GROUP BY place_code, opened_month
