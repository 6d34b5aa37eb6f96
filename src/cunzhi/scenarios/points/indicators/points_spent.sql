-- title_zh: 兑换积分
-- title_en: Points spent
-- unit_zh: 分
-- unit_en: points
-- better: none
SELECT place_code AS place, month AS period, SUM(amount) AS value
FROM postings
WHERE book = 'points' AND source_kind = 'household' AND target_kind = 'spent' AND NOT taken_back
GROUP BY place_code, month
