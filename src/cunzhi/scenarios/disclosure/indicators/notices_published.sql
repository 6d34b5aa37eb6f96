-- title_zh: 公开条数
-- title_en: Notices made public
-- unit_zh: 条
-- unit_en: notices
-- better: more
SELECT place_code AS place, month AS period, COUNT(*) AS value
FROM notices
WHERE NOT is_answer AND NOT corrects_another
GROUP BY place_code, month
