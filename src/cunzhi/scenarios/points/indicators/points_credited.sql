-- title_zh: 记入积分
-- title_en: Points credited
-- unit_zh: 分
-- unit_en: points
-- better: more
SELECT place_code AS place, month AS period, SUM(amount) AS value
FROM postings
WHERE book = 'points' AND source_kind = 'promised' AND target_kind = 'household' AND NOT taken_back
GROUP BY place_code, month
