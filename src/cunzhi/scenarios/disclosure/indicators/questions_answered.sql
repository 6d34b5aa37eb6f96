-- title_zh: 已公开答复的提问
-- title_en: Questions answered in public
-- unit_zh: 个
-- unit_en: questions
-- better: none
SELECT place_code AS place, closed_month AS period, COUNT(*) AS value
FROM cases
WHERE workflow = 'question' AND outcome = 'done'
GROUP BY place_code, closed_month
