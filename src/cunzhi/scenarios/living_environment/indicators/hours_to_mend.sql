-- title_zh: 平均办结时长
-- title_en: Mean hours to close
-- unit_zh: 小时
-- unit_en: hours
-- better: less
SELECT place_code AS place, closed_month AS period, AVG(hours_to_close) AS value
FROM cases
WHERE workflow = 'problem' AND outcome = 'done'
GROUP BY place_code, closed_month
