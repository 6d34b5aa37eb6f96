-- title_zh: 村民委员会选举办结
-- title_en: Elections closed
-- unit_zh: 次
-- unit_en: elections
-- better: none
SELECT place_code AS place, closed_month AS period, COUNT(*) AS value
FROM cases
WHERE workflow = 'election' AND outcome = 'done'
GROUP BY place_code, closed_month
