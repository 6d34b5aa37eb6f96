-- title_zh: 形成决议
-- title_en: Decisions passed
-- unit_zh: 项
-- unit_en: decisions
-- better: none
SELECT place_code AS place, month AS period, COUNT(DISTINCT case_id) AS value
FROM steps
WHERE workflow = 'decision' AND transition = 'villagers_decide'
GROUP BY place_code, month
