"""Words of the trade, places and names: what a torn word can have been.

The lists are the common stock of official letters, given names and the map; no letter was copied for them.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from lantoa.letters.rules.mending import TRADE_WORDS
from lantoa.lib.vietnamese import folded, is_syllable, with_modern_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PHRASES = """
ủy ban nhân dân tỉnh, ủy ban nhân dân thành phố, ủy ban nhân dân quận, ủy ban nhân dân huyện, ủy ban nhân dân xã, ủy
ban nhân dân phường, ủy ban nhân dân thị xã, ủy ban nhân dân đặc khu, hội đồng nhân dân, ủy ban mặt trận tổ quốc,
thường trực hội đồng nhân dân, văn phòng ủy ban nhân dân, chủ tịch ủy ban nhân dân, phó chủ tịch, phó giám đốc,
chánh văn phòng, phó chánh văn phòng, trưởng phòng, phó trưởng phòng, phó hiệu trưởng, bộ trưởng, thứ trưởng, thủ
tướng chính phủ, văn phòng chính phủ, cục trưởng, chi cục trưởng, trưởng ban, phó trưởng ban, trưởng công an, sở
thông tin và truyền thông, sở khoa học và công nghệ, sở giáo dục và đào tạo, sở văn hóa và thể thao, sở y tế, sở văn
hóa thể thao và du lịch, sở tài nguyên và môi trường, sở nông nghiệp và môi trường, sở công thương, sở nội vụ, sở
lao động thương binh và xã hội, sở xây dựng, sở giao thông vận tải, sở tư pháp, sở tài chính, sở du lịch, sở kế
hoạch và đầu tư, sở nông nghiệp và phát triển nông thôn, sở dân tộc và tôn giáo, bộ khoa học và công nghệ, bộ y tế,
bộ công thương, bộ công an, bộ nội vụ, bộ thông tin và truyền thông, bộ giáo dục và đào tạo, bộ tài chính, bộ lao
động thương binh và xã hội, bộ văn hóa thể thao và du lịch, bộ nông nghiệp và môi trường, bộ xây dựng, phòng văn hóa
và thông tin, phòng văn hóa xã hội, phòng kinh tế, phòng tài nguyên và môi trường, phòng nội vụ, phòng giáo dục và
đào tạo, phòng y tế, phòng tư pháp, phòng quản lý đô thị, phòng kinh tế hạ tầng và đô thị, trường trung học cơ sở,
trường trung học phổ thông, trường tiểu học, trường mầm non, trung tâm y tế, trạm y tế, trung tâm phục vụ hành chính
công, trung tâm văn hóa thông tin và thể thao, trung tâm kiểm soát bệnh tật, bảo hiểm xã hội, điện lực, công ty cổ
phần, công ty điện lực, ban chỉ đạo, ban quản lý, hội liên hiệp phụ nữ, hội nông dân, hội cựu chiến binh, hội chữ
thập đỏ, đoàn thanh niên cộng sản hồ chí minh, liên đoàn lao động, ubnd tỉnh, ubnd thành phố, ubnd quận, ubnd huyện,
ubnd xã, ubnd phường, ubnd thị xã, hđnd tỉnh, cộng hòa xã hội chủ nghĩa việt nam, độc lập tự do hạnh phúc, về việc
triển khai, về việc tăng cường, về việc đẩy mạnh, về việc tổ chức, về việc thực hiện, về việc phối hợp, về việc
hưởng ứng, về việc báo cáo, về việc đề nghị, về việc hướng dẫn, về việc chuẩn bị, về việc điều chỉnh, tăng cường
công tác, tăng cường thông tin, tăng cường tuyên truyền, tăng cường quản lý, đẩy mạnh tuyên truyền, đẩy mạnh truyền
thông, truyền thông về, tuyên truyền về, thông tin về, triển khai công tác, công tác thông tin, công tác tuyên
truyền, công tác truyền thông, thông tin tuyên truyền, thông tin truyền thông, tổ chức thực hiện, triển khai thực
hiện, kế hoạch triển khai, tổ chức triển khai, tiếp tục triển khai, phổ biến giáo dục pháp luật, trên địa bàn tỉnh,
trên địa bàn thành phố, trên địa bàn quận, trên địa bàn huyện, trên địa bàn xã, trên địa bàn phường, truyền thanh cơ
sở, thông tin cơ sở, cổng thông tin điện tử, trang thông tin điện tử, mạng xã hội, băng rôn áp phích, đài truyền
thanh, loa truyền thanh, cụm loa, hệ thống loa, tờ gấp, bản tin, chuyên mục, chuyên trang, phóng sự, chuyển đổi số,
chính quyền số, kỹ năng số, công nghệ số cộng đồng, dịch vụ công trực tuyến, dịch vụ công, tài khoản định danh điện
tử, định danh điện tử mức độ 2, căn cước công dân, thẻ căn cước, dữ liệu dân cư, chữ ký số, lộ trình dừng công nghệ
di động, điện thoại thông minh, thuê bao di động, tắt sóng, mạng di động, doanh
nghiệp viễn thông, thanh toán không dùng tiền mặt, ví điện tử, phân loại chất thải rắn sinh hoạt tại nguồn, phân
loại rác tại nguồn, rác thải sinh hoạt, rác thải nhựa, bảo vệ môi trường, vệ sinh môi trường, tiêm chủng mở rộng,
công tác tiêm chủng, tiêm vắc xin, uống vitamin, phòng, chống dịch bệnh, dịch sốt xuất huyết, bệnh tay chân miệng,
bệnh sởi, bệnh dại, cúm gia cầm, dịch tả lợn châu phi, an toàn thực phẩm, ngộ độc thực phẩm, bảo hiểm y tế hộ gia
đình, bảo hiểm xã hội tự nguyện, lừa đảo trên không gian mạng, không gian mạng, an toàn thông tin mạng, an ninh
mạng, tội phạm công nghệ cao, phòng cháy chữa cháy, chữa cháy trong mùa nắng nóng, phòng chống thiên tai, tìm kiếm
cứu nạn, bão lũ, mưa lớn, lũ quét sạt lở đất, nắng nóng, hạn hán, xâm nhập mặn, cháy rừng, đuối nước, phòng chống
đuối nước trẻ em, trật tự an toàn giao thông, an toàn giao thông, nồng độ cồn, trật tự đô thị, lấn chiếm vỉa hè,
phòng chống ma túy, phòng chống tội phạm, bạo lực gia đình, bạo lực học đường, bình đẳng giới, trẻ em, tháng hành
động, tuần lễ, ngày hội, lễ kỷ niệm, đại hội đảng bộ, bầu cử đại biểu quốc hội, đại biểu hội đồng nhân dân, cải cách
hành chính, kiểm soát thủ tục hành chính, tiếp công dân, khiếu nại tố cáo, tiết kiệm điện, tiết kiệm nước, giờ trái
đất, giảm nghèo bền vững, nông thôn mới, đô thị văn minh, xây dựng nông thôn mới, nhà tạm nhà dột nát, hiến máu tình
nguyện, nghĩa vụ quân sự, người cao tuổi, người khuyết tật, người có công, gia đình chính sách, tết nguyên đán, tết
trung thu, dịp nghỉ lễ, dịp nghỉ hè, kỳ thi trung học phổ thông quốc gia, năm học, tuyển sinh, quốc gia, quốc phòng,
an ninh trật tự, thuế điện tử, hóa đơn điện tử, hộ kinh doanh, quản lý thuế, đất đai, quy hoạch, giải phóng mặt
bằng, vốn đầu tư công, ngân sách nhà nước, mục tiêu quốc gia, dân tộc thiểu số, tôn giáo tín ngưỡng, bảo đảm an
toàn, bảo đảm trật tự, học sinh sinh viên, phòng ngừa, ngăn chặn, tập huấn, nâng cao kiến thức, đội ngũ, cán bộ công
chức viên chức, người lao động, doanh nghiệp, hợp tác xã, người dân, nhân dân, hộ dân, khu dân cư, tổ dân phố, tổ
trưởng, thôn, xóm, ấp, bản, khu phố, dân cư, cơ quan, đơn vị, địa phương, các sở ban ngành, thủ trưởng các cơ quan,
đoàn thể, tổ chức chính trị xã hội, các xã phường, các doanh nghiệp, báo cáo kết quả, báo cáo tiến độ, kết quả thực
hiện, sơ kết, tổng kết, đánh giá, kiểm tra giám sát, thanh tra, nhiệm vụ trọng tâm, giải pháp, quý, tháng, năm,
tuần, đợt, lần, giai đoạn, định hướng, đến năm, và những năm tiếp theo, nghị quyết, nghị định, quyết định, thông tư,
chỉ thị, công văn, kế hoạch, kết luận, thông báo, đề án, chương trình, như trên, như kính gửi, để báo cáo, để phối
hợp, để thực hiện, lưu văn thư, lãnh đạo cơ quan, nơi nhận, kính gửi, xây dựng, phê duyệt, ban hành, sửa đổi bổ
sung, góp ý dự thảo, lấy ý kiến, dự thảo, luật, quy chế, nội quy, không sử dụng, hành lang an toàn, lưới điện, cung
cấp điện, nước sạch, cấp nước, thoát nước, chiếu sáng, du lịch, di tích, lễ hội, văn hóa, gia đình, thể thao, phong
trào, toàn dân, đoàn kết, xây dựng đời sống văn hóa, khuyến nông, vụ mùa, vụ xuân, vụ đông, gieo cấy, chăn nuôi,
thủy sản, thú y, bảo vệ thực vật, đàn vật nuôi, công tác, truyền thông, tuyên truyền, thông tin, phổ biến, quán
triệt, hưởng ứng, vận động, hướng dẫn, hỗ trợ
"""
PROVINCES = (
    "An Giang, Bà Rịa - Vũng Tàu, Bắc Giang, Bắc Kạn, Bạc Liêu, Bắc Ninh, Bến Tre, Bình Định, Bình Dương, Bình "
    "Phước, Bình Thuận, Cà Mau, Cần Thơ, Cao Bằng, Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai, Đồng Tháp, "
    "Gia Lai, Hà Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa Bình, Hồ Chí Minh, Huế, "
    "Hưng Yên, Khánh Hòa, Kiên Giang, Kon Tum, Lai Châu, Lâm Đồng, Lạng Sơn, Lào Cai, Long An, Nam Định, Nghệ An, "
    "Ninh Bình, Ninh Thuận, Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng Ninh, Quảng Trị, Sóc "
    "Trăng, Sơn La, Tây Ninh, Thái Bình, Thái Nguyên, Thanh Hóa, Thừa Thiên Huế, Tiền Giang, Trà Vinh, Tuyên "
    "Quang, Vĩnh Long, Vĩnh Phúc, Yên Bái, Quy Nhơn, Nha Trang, Biên Hòa, Thủ Đức, Buôn Ma Thuột, Đà Lạt, Vũng "
    "Tàu, Hạ Long, Vinh, Thủ Dầu Một, Rạch Giá, Long Xuyên, Mỹ Tho, Phan Thiết, Pleiku, Việt Trì, Phú Quốc, Côn "
    "Đảo, Hội An, Tam Kỳ"
)
SURNAMES = (
    "Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Đoàn, Đinh, Trịnh, "
    "Trương, Lâm, Mai, Tô, Hà, Tạ, Cao, Thái, Châu, Quách, Kiều, Đào, Phùng, Vương, Tăng, La, Thạch, Nông, Lò, "
    "Giàng, Đàm, Tống, Triệu, Nghiêm, Lương, Lưu, Khúc, Khổng, Bạch, Chu, Đồng, Hứa, Kim, Lại, Lục, Mạc, Ninh, "
    "Ông, Phí, Sùng, Từ, Thân, Tiết, Trang, Văn, Vi, Viên, Chung, Âu, Liêu, Tôn, Doãn, Lăng, Hầu, Quản, Sầm, "
    "Vàng, Điền, Giáp, Đậu, Cù, Tiêu, Lường, Quàng, Cầm, Tòng, Cà, Sìn, Vừ, Thào, Tẩn, Lầu, Hạng, Bàn, Chảo, "
    "Phàn, Ma, Mã, Danh, Sơn, Thị, Cao, Lù, Vàng, Hờ, Lê, Hà, Chẩu, Ngân, Bế, Đèo, Điêu, Hoàng, Bá, Y, Rơ, Siu, "
    "Ksor, Kpă, Đinh, Hồ, Pơ, Lang, Lữ, Vi, Lô"
)
_GIVEN = (
    "Ái An Anh Ánh Ân Ẩn Ba Bách Bạch Bảo Bắc Băng Bằng Bích Biên Bình Bông Cảnh Cẩm Chánh Châu Chi Chí Chiến "
    "Chinh Chính Chung Chương Công Cúc Cương Cường Danh Dân Diễm Diên Diễn Diện Diệp Diệu Doanh Du Dung Dũng Duy "
    "Duyên Dương Đại Đạt Đăng Điền Điệp Định Đình Đoan Đoàn Độ Đông Đồng Đức Được Gấm Gia Giang Giao Giáp Hà Hạ "
    "Hải Hạnh Hằng Hân Hậu Hiên Hiền Hiển Hiến Hiếu Hiệp Hiệu Hoa Hòa Hóa Hoài Hoan Hoàn Hoàng Hoạt Học Hồ Hồng "
    "Hợp Huân Huấn Huế Huệ Huy Huyên Huyền Huỳnh Hùng Hưng Hương Hường Hướng Hữu Kha Khải Khang Khanh Khánh Khiêm "
    "Khoa Khoan Khôi Khởi Khuê Khuyên Khúc Khương Kiên Kiệt Kiều Kim Kỳ Lạc Lai Lam Lan Lành Lâm Lân Lập Lê Lệ "
    "Liên Liễu Linh Lĩnh Loan Long Lộc Lợi Luân Luận Luật Lực Lương Lượng Lưu Ly Lý Mai Mạnh Mẫn Mến Minh Mùi "
    "Mười My Mỹ Na Nam Năm Nga Ngà Ngân Nghi Nghĩa Nghiêm Nghiệp Ngoan Ngọc Nguyên Nguyễn Nguyệt Nhã Nhàn Nhân "
    "Nhất Nhật Nhi Nhơn Nhu Nhung Như Nhựt Ninh Nương Oanh Phát Phi Phong Phú Pản Páo Sử Sùng Seo Phúc Phụng "
    "Phước Phương Phượng Quang Quảng Quân Quế Quí Quý Quốc Quyên Quyền Quyết Quỳnh Sang Sáng Sâm San Sen Sinh Sỹ "
    "Sĩ Sơn Sự Tài Tâm Tân Tấn Tây Thái Thạch Thanh Thành Thảnh Thao Thảo Thạo Thắm Thăng Thắng Thân Thận Thế Thi "
    "Thị Thiên Thiện Thiệu Thịnh Thoa Thọ Thông Thơ Thơm Thu Thuần Thuận Thúy Thủy Thùy Thụy Thư Thường Thưởng "
    "Thức Thương Thy Tiên Tiến Tiếp Tình Tỉnh Tính Toại Toàn Toản Tới Trà Trang Tráng Trâm Trân Tri Trí Triều "
    "Triển Trinh Trọng Trúc Trung Trường Trực Tú Tuân Tuấn Tùng Tuyên Tuyến Tuyết Tư Tường Tưởng Tự Úy Uyên Ước "
    "Văn Vân Vấn Việt Viên Viễn Vinh Vĩnh Vui Vũ Vương Vượng Vy Vỹ Xuân Xuyến Ý Yên Yến "
    "Ảnh Âu Bảy Bền Bính Bổn Bút Bửu Cam Căn Cầu Chắc Chất Chậm Chẩn Chăm Chấn Chỉnh Choóng Chuân Chuẩn Chuyên "
    "Chuyền Chúc Chức Cẩn Cộng Cử Cừ Dậu Dần Dậy Dinh Diều Dự Dưỡng Đài Đàn Đáng Đẳng Đằng Đề Đệ Điểm Đỉnh Đính Đôn "
    "Đợi Đương Đường Em Gái Gấu Gòn Hanh Hành Hặc Hảo Hào Hiệt Hiếm Hoàng Hoành Hoạch Hội Hơn Hợi Hứa Hương Hưởng Hựu "
    "Hỷ Ích Ka Khả Khái Khảm Khắc Khiết Khoát Khuyến Khương Kính Ký Lãm Lạng Lãng Lanh Lăng Lắm Lặng Lâu Lẫm Liêm "
    "Liệu Lịch Lo Loát Lô Luyến Luyện Lũy Lưỡng Mão Mẫu Mận Mật Miên Miền Miễn Mịn Mộng Mơ Mừng Nết Nghị Nghịch "
    "Nhạn Nhạc Nhâm Nhẫn Nhị Nho Nhờ Nhuận Nhường Nhượng Nhớ Nở Nụ Nữ Oai Ơn Phái Phán Phận Phấn Phẩm Phấn Phác "
    "Phổ Phới Phùng Phụ Phượng Quán Quát Quý Quyến Quỹ Rạng Rinh Rở Sa Sàng Sắc Sen Sính Song Sửu Sương Tá Tạo "
    "Tám Tần Tập Tất Tề Tế Thạc Thạnh Thám Thắng Thấm Thặng Thêm Thép Thiếp Thìn Thỏa Thoan Thoại Thới Thu Thuấn "
    "Thuật Thục Thụ Thước Thực Tiềm Tiện Tiếu Tiễn Tín Tịnh Toa Toán Tô Tốt Tới Tơ Trại Trạng Tráng Trắng Trấn Trân "
    "Trì Trị Triêm Triệu Trịnh Trợ Truyền Trụ Trưởng Tuất Tuệ Tuy Túc Tụ Từ Tỵ Ty Út Uy Vàng Vạn Vân Vẹn Vị Viết "
    "Vịnh Vọng Vụ Vững Xá Xinh Xoan Xuyên Xương Y Yêm"
)
TITLES = (
    "CHỦ TỊCH, PHÓ CHỦ TỊCH, GIÁM ĐỐC, PHÓ GIÁM ĐỐC, TỔNG GIÁM ĐỐC, PHÓ TỔNG GIÁM ĐỐC, CHÁNH VĂN PHÒNG, PHÓ CHÁNH "
    "VĂN PHÒNG, BỘ TRƯỞNG, THỨ TRƯỞNG, TRƯỞNG PHÒNG, PHÓ TRƯỞNG PHÒNG, HIỆU TRƯỞNG, PHÓ HIỆU TRƯỞNG, CỤC TRƯỞNG, "
    "PHÓ CỤC TRƯỞNG, CHI CỤC TRƯỞNG, PHÓ CHI CỤC TRƯỞNG, TRƯỞNG BAN, PHÓ TRƯỞNG BAN, TRƯỞNG CÔNG AN, PHÓ TRƯỞNG "
    "CÔNG AN, CHÁNH THANH TRA, PHÓ CHÁNH THANH TRA, BÍ THƯ, PHÓ BÍ THƯ, THỦ TƯỚNG, PHÓ THỦ TƯỚNG, VIỆN TRƯỞNG, "
    "PHÓ VIỆN TRƯỞNG, VỤ TRƯỞNG, PHÓ VỤ TRƯỞNG, BỘ TRƯỞNG CHỦ NHIỆM, CHỦ NHIỆM, PHÓ CHỦ NHIỆM, ỦY BAN NHÂN DÂN, "
    "HỘI ĐỒNG NHÂN DÂN, BAN CHỈ ĐẠO, BAN THƯỜNG VỤ, BAN GIÁM ĐỐC, THỦ TRƯỞNG ĐƠN VỊ, TỔNG CỤC TRƯỞNG, "
    "PHÓ TRƯỞNG BAN THƯỜNG TRỰC, PHÓ BÍ THƯ THƯỜNG TRỰC, PHÓ CHỦ TỊCH THƯỜNG TRỰC, PHÓ GIÁM ĐỐC THƯỜNG TRỰC, BAN "
    "CHẤP HÀNH, TRƯỞNG TRẠM, PHÓ TRƯỞNG TRẠM, TỔNG BIÊN TẬP, CHỈ HUY TRƯỞNG, ĐỘI TRƯỞNG, TRƯỞNG KHOA, CHÁNH ÁN"
)
_UNITS = (
    "CP TW QH TTg TT TTLT CT KH TB NQ CV TTr HD BC CTr KL UBND BYT BCA BCT BKHCN BTTTT BNV BQP BTC BVHTTDL BXD "
    "BNNMT SYT STTTT SKHCN SCT SNV SVHTT SVHTTDL SXD STC STP VP VX KGVX KTTH NC TH BHXH MTTQ PCTT TCCB NVY GDĐT "
    "SGDĐT BGDĐT GD&ĐT SGD&ĐT BGD&ĐT QĐ NĐ HĐND LĐTBXH SLĐTBXH BLĐTBXH ĐĐBQH TLĐ LĐLĐ BCĐ HĐTĐKT BTĐKT CĐN TTĐT "
    "TĐKT"
)
_LOOKS = str.maketrans("1|!i05862y", "llllosbgzv")
_TONED = re.compile("[\u0301\u0323]")
ALIKE_TITLE = 0.8
"""How alike a line of a signing block must be to a known title to be taken for it."""
_NAME_WORDS = (3, 5)
"""Fewest and most syllables of a full name; fewer could be a word of a title."""
_STOPS = ("c", "ch", "p", "t")
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_RUN = 3
_LONG = re.compile(r"[^\W\d_]{3,}")


@functools.lru_cache(maxsize=32768)
def skeleton(word: str) -> str:
    """What two words share that a scan may confuse: letters without marks, look-alikes made one, `rn` as `m`."""
    return folded(word).translate(_LOOKS).replace("rn", "m")


@functools.lru_cache(maxsize=16384)
def is_broken(word: str) -> bool:
    """Whether a word is built like no syllable, or ends in a stop without sắc or nặng, as none does (`thuôc`)."""
    if word.endswith(_STOPS) and not _TONED.search(unicodedata.normalize("NFD", word)):
        return True
    return not is_syllable(word)


def shortened(word: str) -> Iterator[str]:
    """Give a word and each word that is left when one of its letters is dropped."""
    yield word
    if len(word) > 2:
        for place in range(len(word)):
            yield word[:place] + word[place + 1 :]


@dataclass(slots=True)
class Vocabulary:
    """Words with how often each stands, alone and after another, found by what is left of them."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_skeleton: dict[str, set[str]] = field(default_factory=dict)
    by_part: dict[str, set[str]] = field(default_factory=dict)

    def learn(self, runs: Iterable[str]) -> None:
        """Take in runs of words that follow one another."""
        for run in runs:
            tokens = words_of(run)
            self.words.update(tokens)
            self.pairs.update(itertools.pairwise(tokens))
        for word in self.words:
            key = skeleton(word)
            self.by_skeleton.setdefault(key, set()).add(word)
            for part in shortened(key):
                self.by_part.setdefault(part, set()).add(word)

    def near(self, word: str) -> set[str]:
        """The words a scan may have bent into this one: the same skeleton, or one letter lost, added or changed."""
        key = skeleton(word)
        found = set(self.by_skeleton.get(key, ()))
        if len(key) > 2:
            for part in shortened(key):
                found |= self.by_part.get(part, set())
        return found


def words_of(text: str) -> list[str]:
    """The words of a run in small letters, tones placed the modern way."""
    return _WORD.findall(with_modern_tones(text).lower())


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " ").split(",") if part.strip()]


@functools.cache
def trade() -> Vocabulary:
    """The vocabulary of the trade, places included."""
    vocabulary = Vocabulary()
    vocabulary.learn([*_listed(_PHRASES), *_listed(TRADE_WORDS), *_listed(PROVINCES)])
    return vocabulary


@functools.cache
def names() -> tuple[Vocabulary, Vocabulary]:
    """Surnames, and the syllables of middle and given names."""
    surnames, given = Vocabulary(), Vocabulary()
    surnames.learn(_listed(SURNAMES))
    given.learn(_GIVEN.split())
    return surnames, given


def is_full_name(text: str) -> bool:
    """Whether all of a text, whatever its case, is a person's name of the stock, marks and all."""
    words = words_of(text)
    surnames, given = names()
    known = bool(words) and words[0] in surnames.words and all(word in given.words for word in words[1:])
    return known and _NAME_WORDS[0] <= len(words) <= _NAME_WORDS[1]


@functools.cache
def places() -> dict[str, str]:
    """Names of provinces and their chief towns by their skeleton without spaces."""
    return {skeleton(name).replace(" ", ""): name for name in _listed(PROVINCES)}


@functools.cache
def titles() -> dict[str, str]:
    """Titles and authorities of signing blocks by their skeleton without spaces."""
    return {skeleton(name).replace(" ", ""): name for name in _listed(TITLES)}


@functools.cache
def units() -> dict[str, str]:
    """Codes of offices and types with a letter Đ, by the same without its mark."""
    return {folded(code): code for code in _UNITS.split()}


def squeezed(text: str) -> str:
    """The skeleton of a run of words without its spaces, which a scan may lose."""
    return "".join(skeleton(word) for word in words_of(text))


def nearest(key: str, known: dict[str, str], least: float) -> str | None:
    """The entry most like a key, when it is like enough and no other is as like."""
    scored = sorted(((likeness(key, other), value) for other, value in known.items()), reverse=True)[:2]
    if scored and scored[0][0] >= least and (len(scored) == 1 or scored[0][0] > scored[1][0]):
        return scored[0][1]
    return None


def likeness(first: str, second: str) -> float:
    """How alike two skeletons are, 0..1."""
    if abs(len(first) - len(second)) > 3:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


@functools.lru_cache(maxsize=4096)
def is_like_title(text: str) -> bool:
    """Whether a line of capitals is a known title or authority but for a letter or two."""
    return nearest(squeezed(text), titles(), 0.88) is not None


def unglued(text: str) -> str:
    """The text with the spaces put back that a scan has lost between words that go together: `SỞTƯPHÁP`."""
    return _LONG.sub(lambda found: _with_spaces(found[0]), text)


def _with_spaces(run: str) -> str:
    if len(run) < _SHORTEST_RUN or not is_broken(run.lower()):
        return run
    sizes = _cuts(with_modern_tones(run).lower())
    if not sizes:
        return run
    ends = list(itertools.accumulate(sizes))
    return " ".join(run[start:end] for start, end in zip([0, *ends], ends, strict=False))


def _cuts(run: str, before: frozenset[str] = frozenset()) -> list[int] | None:
    """The lengths of the words of a run, each two of which the trade knows to follow one another."""
    if not run:
        return []
    common = trade()
    for size in range(min(len(run), 7), 0 if run[0] == "y" else 1, -1):
        words = frozenset(common.by_skeleton.get(skeleton(run[:size]), ()))
        if words and (not before or any((one, other) in common.pairs for one in before for other in words)):
            rest = _cuts(run[size:], words)
            if rest is not None:
                return [size, *rest]
    return None


_LONGEST_LINE = 300
"""Signs of a line that two titles may share; each break of a longer one would be tried in vain."""


def title_after(text: str) -> int | None:
    """Where the second of two titles begins that stand side by side in one line; None when there are not two."""
    if len(text) > _LONGEST_LINE:
        return None
    for found in re.finditer(r"\s+(?=\S)", text):
        if squeezed(text[: found.start()]) in titles() and squeezed(text[found.end() :]) in titles():
            return found.end()
    return None
