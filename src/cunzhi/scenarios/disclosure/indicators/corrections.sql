-- title_zh: 更正条数
-- title_en: Corrections
-- unit_zh: 条
-- unit_en: notices
-- better: none
SELECT place_code AS place, month AS period, COUNT(*) AS value
FROM notices
WHERE corrects_another
GROUP BY place_code, month
