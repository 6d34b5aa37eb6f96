-- title_zh: 申报好事
-- title_en: Deeds reported
-- unit_zh: 件
-- unit_en: reports
-- better: more
SELECT place_code AS place, opened_month AS period, COUNT(*) AS value
FROM cases
WHERE workflow = 'deed'
GROUP BY place_code, opened_month
