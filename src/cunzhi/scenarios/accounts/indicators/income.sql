-- title_zh: 村集体收入（元）
-- title_en: Income of the village
-- unit_zh: 元
-- unit_en: yuan
-- better: none
SELECT place_code AS place, month AS period, SUM(amount) / 100.0 AS value
FROM postings
WHERE book = 'money' AND source_kind = 'income' AND target_kind = 'fund'
GROUP BY place_code, month
