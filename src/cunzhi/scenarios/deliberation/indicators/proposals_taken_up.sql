-- title_zh: 提议列为议题占比
-- title_en: Share of proposals taken up
-- unit_zh: %
-- unit_en: %
-- better: none
SELECT place_code AS place, closed_month AS period,
       100.0 * SUM(CASE WHEN outcome = 'granted' THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM cases
WHERE workflow = 'proposal' AND outcome <> 'withdrawn'
GROUP BY place_code, closed_month
