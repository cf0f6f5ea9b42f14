"""What is said: the 24 Mandarin commands and phrases that only sound like them."""

from collections.abc import Mapping

COMMANDS = (
    "蓝牙开机",
    "蓝牙拨打电话",
    "蓝牙打电话",
    "蓝牙接听电话",
    "蓝牙接电话",
    "蓝牙拒接",
    "蓝牙播放音乐",
    "蓝牙开始音乐",
    "蓝牙暂停音乐",
    "蓝牙停止音乐",
    "蓝牙上一首",
    "蓝牙上一曲",
    "蓝牙下一首",
    "蓝牙下一曲",
    "蓝牙音量增大",
    "蓝牙声音增大",
    "蓝牙音量增加",
    "蓝牙声音增加",
    "蓝牙音量减小",
    "蓝牙声音减小",
    "蓝牙关机",
    "蓝牙电量提醒",
    "蓝牙还剩多少电",
    "蓝牙还剩多少电量",
)
"""The text of each command; the position is its class."""

NOT_A_COMMAND = "not_a_command"
"""Stands for the text of every phrase that is not a command, and names its folder."""

# Parts of commands, other orders to the same device, then everyday talk and digits.
OTHER_PHRASES: Mapping[str, tuple[str, ...]] = {
    "train": (
        *("蓝牙", "蓝牙打开", "打电话", "播放音乐", "上一首", "下一曲", "音量增大"),
        *("开机", "关机", "多少电", "声音", "电话", "音乐", "减小"),
        *("蓝牙打开车窗", "蓝牙关闭导航", "蓝牙发短信", "蓝牙播放新闻"),
        *("蓝牙最后一首", "蓝牙几点了", "蓝牙温度降低", "蓝天开机", "篮球比赛"),
        *("打开电视", "关闭空调", "懒羊羊", "现在几点了", "今天天气怎么样"),
        *("你好", "早上好", "谢谢", "再见", "我回来了"),
        *("一二三四五", "九八七六", "二零二六"),
    ),
    "dev": (
        *("蓝牙打开导航", "蓝牙唱首歌", "蓝牙耳机", "开始音乐", "还剩多少"),
        *("开始录音", "明天见", "请问车站怎么走", "六七八九十"),
    ),
    "test": (
        *("蓝牙打开电视", "蓝牙音量", "蓝牙连接手机", "蓝牙增大字体", "蓝牙下一站"),
        *("拨打电话", "上一曲", "声音增大", "拒接", "停止播放", "还剩多少时间"),
        *("小明打电话", "晚上好", "周末愉快", "下雨了", "三四五六七"),
    ),
}
"""Phrases that are not commands, by the split that brings them in."""


def other_phrases(split: str) -> tuple[str, ...]:
    """Returns the phrases of `split` that are not commands.

    The dev and test splits say every fourth phrase of the training split as well,
    so that they hold both phrases that a model has learned and phrases it has not.
    """
    known = () if split == "train" else OTHER_PHRASES["train"][::4]
    return known + OTHER_PHRASES[split]
