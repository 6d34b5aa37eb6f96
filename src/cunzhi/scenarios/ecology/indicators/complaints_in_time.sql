-- title_zh: 环境投诉按期办理占比
-- title_en: Share of complaints of which no step came late
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, closed_month AS period,
       100.0 * SUM(CASE WHEN was_late THEN 0 ELSE 1 END) / COUNT(*) AS value
FROM cases
WHERE workflow = 'complaint' AND outcome IN ('done', 'refused')
GROUP BY place_code, closed_month
