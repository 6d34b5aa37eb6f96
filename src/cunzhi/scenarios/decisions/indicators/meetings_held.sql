-- title_zh: 议事会议次数
-- title_en: Meetings held
-- unit_zh: 次
-- unit_en: meetings
-- better: none
SELECT place_code AS place, month AS period, COUNT(*) AS value
FROM meetings
WHERE had_quorum
GROUP BY place_code, month
