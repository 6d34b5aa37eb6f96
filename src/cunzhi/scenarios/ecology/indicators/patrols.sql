-- title_zh: 生态巡查次数
-- title_en: Patrols
-- unit_zh: 次
-- unit_en: rounds
-- better: none
SELECT place_code AS place, closed_month AS period, COUNT(*) AS value
FROM cases
WHERE workflow = 'patrol' AND outcome = 'done'
GROUP BY place_code, closed_month
