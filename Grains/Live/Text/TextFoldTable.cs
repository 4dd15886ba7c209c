namespace RedNote.Live;

/// <summary>
/// Characters that are written as others in the folded form of a text: letters without their accents, and the
/// compatibility forms (circled, raised, half width, radicals) as the letters they stand for. Derived from the
/// decompositions of the Unicode Character Database, version 14; the runtime has none of them, as it runs without
/// culture data.
/// </summary>
internal static class TextFoldTable
{
    /// <summary>Ranges of characters: the first one's number, and what each is written as (a blank: as itself).
    /// </summary>
    public static readonly (int First, string Folded)[] Ranges =
    [
        (0x00AA, "a"),
        (0x00B2, "23 μ   1o     aaaaaa ceeeeiiii nooooo ouuuuy  aaaaaa ceeeeiiii nooooo ouuuuy yaaaaaa"),
        (0x0106, "ccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii"),
        (0x0134, "jjkk llllll  llnnnnnn   oooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzsb"),
        (0x0191, "ff    i"),
        (0x01A0, "oo"),
        (0x01AF, "uu    zz"),
        (0x01CD, "aaiioouuuuuuuuuu aaaaææggggkkooooʒʒj   gg  nnaaææøøaaaaeeeeiiiioooorrrruuuusstt"),
        (0x021E, "hh"),
        (0x0226, "aaeeooooooooyy"),
        (0x023A, "acc"),
        (0x0243, "bu eejj  rryy"),
        (0x02B0, "hɦjrɹɻʁwy"),
        (0x02E0, "ɣlsxʕ"),
        (0x0374, "ʹ"),
        (0x0386, "α εηι ο υωι"),
        (0x03C2, "σ"),
        (0x03AA, "ιυαεηιυ"),
        (0x03CA, "ιυουω βθυυυφπ"),
        (0x03F0, "κρς  ε   ς"),
        (0x0400, "ее г   і    киу"),
        (0x0419, "и"),
        (0x0439, "и"),
        (0x0450, "ее г   і    киу"),
        (0x0476, "ѵѵ"),
        (0x04C1, "жж"),
        (0x04D0, "аааа  ее  әәжжзз  ииииоо  өөээуууууучч  ыы"),
        (0x1D2C, "aæb deǝghijklmn oȣprtuwaɐɑᴂbdeəɛɜg kmŋoɔᴖᴗptuᴝɯvᴥβγδφχiruvβγρφχ"),
        (0x1E00, "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooo"),
        (0x1E54, "pppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy s    aaaaaaaa"),
        (0x1EA8, "aaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"),
        (0x1F00, "ααααααααααααααααεεεεεε  εεεεεε  ηηηηηηηηηηηηηηηηιιιιιιιιιιιιιιιιοοοοοο  οοοοοο  υυυυ"),
        (0x1F54, "υυυυ υ υ υ υωωωωωωωωωωωωωωωωααεεηηιιοουυωω  ααααααααααααααααηηηηηηηηηηηηηηηηωωωωωωωω"),
        (0x1FA8, "ωωωωωωωωααααα ααααααα ι   ηηη ηηεεηηη   ιιιι  ιιιιιι    υυυυρρυυυυυυρ     ωωω ωωοοωω"),
        (0x1FFC, "ω"),
        (0x2070, "0i  456789     n0123456789"),
        (0x2090, "aeoxəhklmnpst"),
        (0x2102, "c    ɛ  ghhhhħiill n   pqrrr"),
        (0x2124, "z   z  abc eef moאבגדi  πγγπ     ddeij"),
        (0x2160, "i   v    x  lcdmi   v    x  lcdm"),
        (0x2460, "123456789"),
        (0x2474, "123456789"),
        (0x249C, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0"),
        (0x2E9F, "母"),
        (0x2EF3, "龟"),
        (0x2F00, "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气"),
        (0x2F54, "水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長"),
        (0x2FA8, "門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠"),
        (0x3200, "ᄀᄂᄃᄅᄆᄇᄉᄋᄌᄎᄏᄐᄑᄒ가나다라마바사아자차카타파하주   一二三四五六七八九十月火水木金土日株有社名特財祝労代呼学監企資協祭休自至"),
        (0x3280, "一二三四五六七八九十月火水木金土日株有社名特財祝労秘男女適優印注項休写正上中下左右医宗学監企資協夜"),
        (0x32D0, "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲ"),
        (0xF900, "豈更車賈滑串句龜龜契金喇奈懶癩羅蘿螺裸邏樂洛烙珞落酪駱亂卵欄爛蘭鸞嵐濫藍襤拉臘蠟廊朗浪狼郎來冷勞擄櫓爐盧老蘆虜路露魯鷺碌祿綠菉錄鹿論壟弄籠聾牢磊賂雷壘屢樓淚漏累縷陋勒肋"),
        (0xF954, "凜凌稜綾菱陵讀拏樂諾丹寧怒率異北磻便復不泌數索參塞省葉說殺辰沈拾若掠略亮兩凉梁糧良諒量勵呂女廬旅濾礪閭驪麗黎力曆歷轢年憐戀撚漣煉璉秊練聯輦蓮連鍊列劣咽烈裂說廉念捻殮簾獵"),
        (0xF9A8, "令囹寧嶺怜玲瑩羚聆鈴零靈領例禮醴隸惡了僚寮尿料樂燎療蓼遼龍暈阮劉杻柳流溜琉留硫紐類六戮陸倫崙淪輪律慄栗率隆利吏履易李梨泥理痢罹裏裡里離匿溺吝燐璘藺隣鱗麟林淋臨立笠粒狀炙"),
        (0xF9FC, "識什茶刺切度拓糖宅洞暴輻行降見廓兀嗀"),
        (0xFA10, "塚 晴  凞猪益礼神祥福靖精羽 蘒 諸  逸都   飯飼館鶴郞隷侮僧免勉勤卑喝嘆器塀墨層屮悔慨憎懲敏既暑梅海渚漢煮爫琢碑社祉祈祐祖祝禍禎穀突節練縉繁署者臭艹艹著褐視謁謹"),
        (0xFA64, "賓贈辶逸難響頻恵 舘  並况全侀充冀勇勺喝啕喙嗢塚墳奄奔婢嬨廒廙彩徭惘慎愈憎慠懲戴揄搜摒敖晴朗望杖歹殺流滛滋漢瀞煮瞧爵犯猪瑱甆画瘝瘟益盛直睊着磌窱節类絛練缾者荒華蝹襁覆"),
        (0xFAB8, "視調諸請謁諾諭謹變贈輸遲醙鉶陼難靖韛響頋頻鬒龜   㮝䀘䀹   齃龎"),
        (0xFF66, "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"),
    ];

    /// <summary>Those that become several: the character, then what it is written as.</summary>
    public const string Several =
        "Æae Þth ßss æae þth Ĳij ĳij ŉʼn Œoe œoe Ǆdz ǅdz ǆdz Ǉlj ǈlj ǉlj Ǌnj ǋnj ǌnj Ǳdz ǲdz ǳdz "
        + "ẚaʾ №no ℠sm ℡tel ™tm ℻fax Ⅱii Ⅲiii Ⅳiv Ⅵvi Ⅶvii Ⅷviii Ⅸix Ⅺxi Ⅻxii ⅱii ⅲiii ⅳiv ⅵvi ⅶvii "
        + "ⅷviii ⅸix ⅺxi ⅻxii ⑩10 ⑪11 ⑫12 ⑬13 ⑭14 ⑮15 ⑯16 ⑰17 ⑱18 ⑲19 ⑳20 ⑽10 ⑾11 ⑿12 ⒀13 ⒁14 ⒂15 "
        + "⒃16 ⒄17 ⒅18 ⒆19 ⒇20 ㈝오전 ㈞오후 ﬀff ﬁfi ﬂfl ﬃffi ﬄffl ﬅst ﬆst";
}
