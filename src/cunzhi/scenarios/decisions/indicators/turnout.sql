-- title_zh: 会议到会率
-- title_en: Turnout at meetings
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, month AS period, 100.0 * SUM(present) / SUM(due) AS value
FROM meetings
GROUP BY place_code, month
