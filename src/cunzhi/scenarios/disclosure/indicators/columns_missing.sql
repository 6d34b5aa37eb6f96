-- title_zh: 到期未公开的栏目
-- title_en: Columns not made public
-- unit_zh: 次
-- unit_en: times
-- better: less
SELECT place_code AS place, opened_month AS period, COUNT(*) AS value
FROM cases
WHERE workflow = 'disclosure' AND missing
GROUP BY place_code, opened_month
