-- title_zh: 请求
-- title_en: Requests
-- unit_zh: 件
-- unit_en: requests
-- better: none
SELECT place_code AS place, opened_month AS period, COUNT(*) AS value
FROM cases
WHERE workflow = 'request'
GROUP BY place_code, opened_month
