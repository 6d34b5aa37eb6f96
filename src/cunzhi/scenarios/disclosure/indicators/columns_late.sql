-- title_zh: 迟公开的栏目
-- title_en: Columns made public late
-- unit_zh: 次
-- unit_en: times
-- better: less
SELECT place_code AS place, month AS period, COUNT(*) AS value
FROM notices
WHERE was_late
GROUP BY place_code, month
