-- title_zh: 申报通过率
-- title_en: Share of deeds granted
-- unit_zh: %
-- unit_en: %
-- better: none
SELECT place_code AS place, closed_month AS period,
       100.0 * SUM(CASE WHEN outcome = 'granted' THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM cases
WHERE workflow = 'deed' AND outcome IN ('granted', 'refused')
GROUP BY place_code, closed_month
