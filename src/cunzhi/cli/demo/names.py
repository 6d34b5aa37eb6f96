"""Names for people who do not exist."""

from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_MEN = "伟强军勇杰涛明超平刚辉波斌国建华林峰海山川成富贵德福生春东志远"
GIVEN_WOMEN = "芳秀英娟敏静丽霞玲桂兰燕红梅琼珍淑华云莲凤菊琴慧蓉玉春秋月"


def name(random: Random, sex: str, surname: str = "") -> str:
    """A name; about one in six has a single given character."""
    given = GIVEN_WOMEN if sex == "female" else GIVEN_MEN
    return (surname or random.choice(SURNAMES)) + "".join(random.sample(given, 1 if random.random() < 0.16 else 2))


def surname_of(full: str) -> str:
    return full[0]


def phone(number: int) -> str:
    """A phone number that cannot be anybody's: numbers that begin with 144 have thirteen figures in real life."""
    return f"144{number:08}"
