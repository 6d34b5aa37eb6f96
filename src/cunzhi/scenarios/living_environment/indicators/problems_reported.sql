-- title_zh: 报告问题
-- title_en: Problems reported
-- unit_zh: 件
-- unit_en: reports
-- better: none
SELECT place_code AS place, opened_month AS period, COUNT(*) AS value
FROM cases
WHERE workflow = 'problem'
GROUP BY place_code, opened_month
