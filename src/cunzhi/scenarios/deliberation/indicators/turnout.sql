-- title_zh: 投票参与率
-- title_en: Turnout
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, closed_month AS period, 100.0 * SUM(counted) / SUM(roll) AS value
FROM topics
WHERE ballot <> 'none'
GROUP BY place_code, closed_month
