-- title_zh: 村集体支出（元）
-- title_en: Expense of the village
-- unit_zh: 元
-- unit_en: yuan
-- better: none
SELECT place_code AS place, month AS period, SUM(amount) / 100.0 AS value
FROM postings
WHERE book = 'money' AND source_kind = 'fund' AND target_kind = 'expense'
GROUP BY place_code, month
