-- title_zh: 办结问题
-- title_en: Problems mended
-- unit_zh: 件
-- unit_en: reports
-- better: more
SELECT place_code AS place, closed_month AS period, COUNT(*) AS value
FROM cases
WHERE workflow = 'problem' AND outcome = 'done'
GROUP BY place_code, closed_month
