-- title_zh: 议题中的建议
-- title_en: Suggestions made
-- unit_zh: 条
-- unit_en: suggestions
-- better: more
SELECT place_code AS place, month AS period, COUNT(*) AS value
FROM suggestions
GROUP BY place_code, month
