/** The 640 districts of the Census of India 2011 and their populations. */
import { assert } from "../../basics";
import { states } from "./states";

export interface District {
  readonly name: string;
  /** Index into `states`. */
  readonly state: number;
  /** Persons on 1 March 2011. */
  readonly population: number;
}

/**
 * Source: Office of the Registrar General and Census Commissioner, India: Census of India 2011,
 * Primary Census Abstract, total persons by district (sum: 1,210,854,977). The ten districts that
 * became Telangana in 2014 are listed under it; Ladakh is still part of Jammu and Kashmir. All 640
 * figures were checked against the totals of table C-16 by district, and agree.
 * One block a state: its code, then district and population.
 */
const census = `
JK:
  Kupwara 870354, Badgam 753745, Leh 133487, Kargil 140802, Punch 476835, Rajouri 642415,
  Kathua 616435, Baramula 1008039, Bandipore 392232, Srinagar 1236829, Ganderbal 297446,
  Pulwama 560440, Shupiyan 266215, Anantnag 1078692, Kulgam 424483, Doda 409936, Ramban 283713,
  Kishtwar 230696, Udhampur 554985, Reasi 314667, Jammu 1529958, Samba 318898
HP:
  Chamba 519080, Kangra 1510075, Lahul and Spiti 31564, Kullu 437903, Mandi 999777,
  Hamirpur 454768, Una 521173, Bilaspur 381956, Solan 580320, Sirmaur 529855, Shimla 814010,
  Kinnaur 84121
PB:
  Gurdaspur 2298323, Kapurthala 815168, Jalandhar 2193590, Hoshiarpur 1586625,
  Shahid Bhagat Singh Nagar 612310, Fatehgarh Sahib 600163, Ludhiana 3498739, Moga 995746,
  Firozpur 2029074, Muktsar 901896, Faridkot 617508, Bathinda 1388525, Mansa 769751,
  Patiala 1895686, Amritsar 2490656, Tarn Taran 1119627, Rupnagar 684627,
  Sahibzada Ajit Singh Nagar 994628, Sangrur 1655169, Barnala 595527
CH:
  Chandigarh 1055450
UK:
  Uttarkashi 330086, Chamoli 391605, Rudraprayag 242285, Tehri Garhwal 618931, Dehradun 1696694,
  Garhwal 687271, Pithoragarh 483439, Bageshwar 259898, Almora 622506, Champawat 259648,
  Nainital 954605, Udham Singh Nagar 1648902, Hardwar 1890422
HR:
  Panchkula 561293, Ambala 1128350, Yamunanagar 1214205, Kurukshetra 964655, Kaithal 1074304,
  Karnal 1505324, Panipat 1205437, Sonipat 1450001, Jind 1334152, Fatehabad 942011,
  Sirsa 1295189, Hisar 1743931, Bhiwani 1634445, Rohtak 1061204, Jhajjar 958405,
  Mahendragarh 922088, Rewari 900332, Gurgaon 1514432, Mewat 1089263, Faridabad 1809733,
  Palwal 1042708
DL:
  North West 3656539, North 887978, North East 2241624, East 1709346, New Delhi 142004,
  Central 582320, West 2543243, South West 2292958, South 2731929
RJ:
  Ganganagar 1969168, Hanumangarh 1774692, Bikaner 2363937, Churu 2039547, Jhunjhunun 2137045,
  Alwar 3674179, Bharatpur 2548462, Dhaulpur 1206516, Karauli 1458248, Sawai Madhopur 1335551,
  Dausa 1634409, Jaipur 6626178, Sikar 2677333, Nagaur 3307743, Jodhpur 3687165,
  Jaisalmer 669919, Barmer 2603751, Jalor 1828730, Sirohi 1036346, Pali 2037573, Ajmer 2583052,
  Tonk 1421326, Bundi 1110906, Bhilwara 2408523, Rajsamand 1156597, Dungarpur 1388552,
  Banswara 1797485, Chittaurgarh 1544338, Kota 1951014, Baran 1222755, Jhalawar 1411129,
  Udaipur 3068420, Pratapgarh 867848
UP:
  Saharanpur 3466382, Muzaffarnagar 4143512, Bijnor 3682713, Moradabad 4772006, Rampur 2335819,
  Jyotiba Phule Nagar 1840221, Meerut 3443689, Baghpat 1303048, Ghaziabad 4681645,
  Gautam Buddha Nagar 1648115, Bulandshahr 3499171, Aligarh 3673889, Mahamaya Nagar 1564708,
  Mathura 2547184, Agra 4418797, Firozabad 2498156, Mainpuri 1868529, Budaun 3681896,
  Bareilly 4448359, Pilibhit 2031007, Shahjahanpur 3006538, Kheri 4021243, Sitapur 4483992,
  Hardoi 4092845, Unnao 3108367, Lucknow 4589838, Rae Bareli 3405559, Farrukhabad 1885204,
  Kannauj 1656616, Etawah 1581810, Auraiya 1379545, Kanpur Dehat 1796184, Kanpur Nagar 4581268,
  Jalaun 1689974, Jhansi 1998603, Lalitpur 1221592, Hamirpur 1104285, Mahoba 875958,
  Banda 1799410, Chitrakoot 991730, Fatehpur 2632733, Pratapgarh 3209141, Kaushambi 1599596,
  Allahabad 5954391, Bara Banki 3260699, Faizabad 2470996, Ambedkar Nagar 2397888,
  Sultanpur 3797117, Bahraich 3487731, Shrawasti 1117361, Balrampur 2148665, Gonda 3433919,
  Siddharthnagar 2559297, Basti 2464464, Sant Kabir Nagar 1715183, Mahrajganj 2684703,
  Gorakhpur 4440895, Kushinagar 3564544, Deoria 3100946, Azamgarh 4613913, Mau 2205968,
  Ballia 3239774, Jaunpur 4494204, Ghazipur 3620268, Chandauli 1952756, Varanasi 3676841,
  Sant Ravidas Nagar 1578213, Mirzapur 2496970, Sonbhadra 1862559, Etah 1774480,
  Kanshiram Nagar 1436719
BR:
  Pashchim Champaran 3935042, Purba Champaran 5099371, Sheohar 656246, Sitamarhi 3423574,
  Madhubani 4487379, Supaul 2229076, Araria 2811569, Kishanganj 1690400, Purnia 3264619,
  Katihar 3071029, Madhepura 2001762, Saharsa 1900661, Darbhanga 3937385, Muzaffarpur 4801062,
  Gopalganj 2562012, Siwan 3330464, Saran 3951862, Vaishali 3495021, Samastipur 4261566,
  Begusarai 2970541, Khagaria 1666886, Bhagalpur 3037766, Banka 2034763, Munger 1367765,
  Lakhisarai 1000912, Sheikhpura 636342, Nalanda 2877653, Patna 5838465, Bhojpur 2728407,
  Buxar 1706352, Kaimur 1626384, Rohtas 2959918, Aurangabad 2540073, Gaya 4391418,
  Nawada 2219146, Jamui 1760405, Jehanabad 1125313, Arwal 700843
SK:
  North District 43709, West District 136435, South District 146850, East District 283583
AR:
  Tawang 49977, West Kameng 83947, East Kameng 78690, Papum Pare 176573, Upper Subansiri 83448,
  West Siang 112274, East Siang 99214, Upper Siang 35320, Changlang 148226, Tirap 111975,
  Lower Subansiri 83030, Kurung Kumey 92076, Dibang Valley 8004, Lower Dibang Valley 54080,
  Lohit 145726, Anjaw 21167
NL:
  Mon 250260, Mokokchung 194622, Zunheboto 140757, Wokha 166343, Dimapur 378811, Phek 163418,
  Tuensang 196596, Longleng 50484, Kiphire 74004, Kohima 267988, Peren 95219
MN:
  Senapati 479148, Tamenglong 140651, Churachandpur 274143, Bishnupur 237399, Thoubal 422168,
  Imphal West 517992, Imphal East 456113, Ukhrul 183998, Chandel 144182
MZ:
  Mamit 86364, Kolasib 83955, Aizawl 400309, Champhai 125745, Serchhip 64937, Lunglei 161428,
  Lawngtlai 117894, Saiha 56574
TR:
  West Tripura 1725739, South Tripura 876001, Dhalai 378230, North Tripura 693947
ML:
  West Garo Hills 643291, East Garo Hills 317917, South Garo Hills 142334,
  West Khasi Hills 383461, Ribhoi 258840, East Khasi Hills 825922, Jaintia Hills 395124
AS:
  Kokrajhar 887142, Dhubri 1949258, Goalpara 1008183, Barpeta 1693622, Morigaon 957423,
  Nagaon 2823768, Sonitpur 1924110, Lakhimpur 1042137, Dhemaji 686133, Tinsukia 1327929,
  Dibrugarh 1326335, Sivasagar 1151050, Jorhat 1092256, Golaghat 1066888, Karbi Anglong 956313,
  Dima Hasao 214102, Cachar 1736617, Karimganj 1228686, Hailakandi 659296, Bongaigaon 738804,
  Chirang 482162, Kamrup 1517542, Kamrup Metropolitan 1253938, Nalbari 771639, Baksa 950075,
  Darrang 928500, Udalguri 831668
WB:
  Darjiling 1846823, Jalpaiguri 3872846, Koch Bihar 2819086, Uttar Dinajpur 3007134,
  Dakshin Dinajpur 1676276, Maldah 3988845, Murshidabad 7103807, Birbhum 3502404,
  Barddhaman 7717563, Nadia 5167600, North Twenty Four Parganas 10009781, Hugli 5519145,
  Bankura 3596674, Puruliya 2930115, Haora 4850029, Kolkata 4496694,
  South Twenty Four Parganas 8161961, Paschim Medinipur 5913457, Purba Medinipur 5095875
JH:
  Garhwa 1322784, Chatra 1042886, Kodarma 716259, Giridih 2445474, Deoghar 1492073,
  Godda 1313551, Sahibganj 1150567, Pakur 900422, Dhanbad 2684487, Bokaro 2062330,
  Lohardaga 461790, Purbi Singhbhum 2293919, Palamu 1939869, Latehar 726978, Hazaribagh 1734495,
  Ramgarh 949443, Dumka 1321442, Jamtara 791042, Ranchi 2914253, Khunti 531885, Gumla 1025213,
  Simdega 599578, Pashchimi Singhbhum 1502338, Saraikela-Kharsawan 1065056
OD:
  Bargarh 1481255, Jharsuguda 579505, Sambalpur 1041099, Debagarh 312520, Sundargarh 2093437,
  Kendujhar 1801733, Mayurbhanj 2519738, Baleshwar 2320529, Bhadrak 1506337, Kendrapara 1440361,
  Jagatsinghapur 1136971, Cuttack 2624470, Jajapur 1827192, Dhenkanal 1192811, Anugul 1273821,
  Nayagarh 962789, Khordha 2251673, Puri 1698730, Ganjam 3529031, Gajapati 577817,
  Kandhamal 733110, Baudh 441162, Subarnapur 610183, Balangir 1648997, Nuapada 610382,
  Kalahandi 1576869, Rayagada 967911, Nabarangapur 1220946, Koraput 1379647, Malkangiri 613192
CG:
  Koriya 658917, Surguja 2359886, Jashpur 851669, Raigarh 1493984, Korba 1206640,
  Janjgir-Champa 1619707, Bilaspur 2663629, Kabeerdham 822526, Rajnandgaon 1537133, Durg 3343872,
  Raipur 4063872, Mahasamund 1032754, Dhamtari 799781, Uttar Bastar Kanker 748941,
  Bastar 1413199, Narayanpur 139820, Dakshin Bastar Dantewada 533638, Bijapur 255230
MP:
  Sheopur 687861, Morena 1965970, Bhind 1703005, Gwalior 2032036, Datia 786754, Shivpuri 1726050,
  Tikamgarh 1445166, Chhatarpur 1762375, Panna 1016520, Sagar 2378458, Damoh 1264219,
  Satna 2228935, Rewa 2365106, Umaria 644758, Neemuch 826067, Mandsaur 1340411, Ratlam 1455069,
  Ujjain 1986864, Shajapur 1512681, Dewas 1563715, Dhar 2185793, Indore 3276697,
  Khargone 1873046, Barwani 1385881, Rajgarh 1545814, Vidisha 1458875, Bhopal 2371061,
  Sehore 1311332, Raisen 1331597, Betul 1575362, Harda 570465, Hoshangabad 1241350,
  Katni 1292042, Jabalpur 2463289, Narsimhapur 1091854, Dindori 704524, Mandla 1054905,
  Chhindwara 2090922, Seoni 1379131, Balaghat 1701698, Guna 1241519, Ashoknagar 845071,
  Shahdol 1066063, Anuppur 749237, Sidhi 1127033, Singrauli 1178273, Jhabua 1025048,
  Alirajpur 728999, Khandwa 1310061, Burhanpur 757847
GJ:
  Kachchh 2092371, Banas Kantha 3120506, Patan 1343734, Mahesana 2035064, Sabar Kantha 2428589,
  Gandhinagar 1391753, Ahmadabad 7214225, Surendranagar 1756268, Rajkot 3804558,
  Jamnagar 2160119, Porbandar 585449, Junagadh 2743082, Amreli 1514190, Bhavnagar 2880365,
  Anand 2092745, Kheda 2299885, Panch Mahals 2390776, Dohad 2127086, Vadodara 4165626,
  Narmada 590297, Bharuch 1551019, The Dangs 228291, Navsari 1329672, Valsad 1705678,
  Surat 6081322, Tapi 807022
DD:
  Diu 52074, Daman 191173
DN:
  Dadra and Nagar Haveli 343709
MH:
  Nandurbar 1648295, Dhule 2050862, Jalgaon 4229917, Buldana 2586258, Akola 1813906,
  Washim 1197160, Amravati 2888445, Wardha 1300774, Nagpur 4653570, Bhandara 1200334,
  Gondiya 1322507, Gadchiroli 1072942, Chandrapur 2204307, Yavatmal 2772348, Nanded 3361292,
  Hingoli 1177345, Parbhani 1836086, Jalna 1959046, Aurangabad 3701282, Nashik 6107187,
  Thane 11060148, Mumbai Suburban 9356962, Mumbai 3085411, Raigarh 2634200, Pune 9429408,
  Ahmadnagar 4543159, Bid 2585049, Latur 2454196, Osmanabad 1657576, Solapur 4317756,
  Satara 3003741, Ratnagiri 1615069, Sindhudurg 849651, Kolhapur 3876001, Sangli 2822143
AP:
  Srikakulam 2703114, Vizianagaram 2344474, Visakhapatnam 4290589, East Godavari 5154296,
  West Godavari 3936966, Krishna 4517398, Guntur 4887813, Prakasam 3397448,
  Sri Potti Sriramulu Nellore 2963557, YSR 2882469, Kurnool 4053463, Anantapur 4081148,
  Chittoor 4174064
TS:
  Adilabad 2741239, Nizamabad 2551335, Karimnagar 3776269, Medak 3033288, Hyderabad 3943323,
  Rangareddy 5296741, Mahbubnagar 4053028, Nalgonda 3488809, Warangal 3512576, Khammam 2797370
KA:
  Belgaum 4779661, Bagalkot 1889752, Bijapur 2177331, Bidar 1703300, Raichur 1928812,
  Koppal 1389920, Gadag 1064570, Dharwad 1847023, Uttara Kannada 1437169, Haveri 1597668,
  Bellary 2452595, Chitradurga 1659456, Davanagere 1945497, Shimoga 1752753, Udupi 1177361,
  Chikmagalur 1137961, Tumkur 2678980, Bangalore 9621551, Mandya 1805769, Hassan 1776421,
  Dakshina Kannada 2089649, Kodagu 554519, Mysore 3001127, Chamarajanagar 1020791,
  Gulbarga 2566326, Yadgir 1174271, Kolar 1536401, Chikkaballapura 1255104,
  Bangalore Rural 990923, Ramanagara 1082636
GA:
  North Goa 818008, South Goa 640537
LD:
  Lakshadweep 64473
KL:
  Kasaragod 1307375, Kannur 2523003, Wayanad 817420, Kozhikode 3086293, Malappuram 4112920,
  Palakkad 2809934, Thrissur 3121200, Ernakulam 3282388, Idukki 1108974, Kottayam 1974551,
  Alappuzha 2127789, Pathanamthitta 1197412, Kollam 2635375, Thiruvananthapuram 3301427
TN:
  Thiruvallur 3728104, Chennai 4646732, Kancheepuram 3998252, Vellore 3936331,
  Tiruvannamalai 2464875, Viluppuram 3458873, Salem 3482056, Namakkal 1726601, Erode 2251744,
  The Nilgiris 735394, Dindigul 2159775, Karur 1064493, Tiruchirappalli 2722290,
  Perambalur 565223, Ariyalur 754894, Cuddalore 2605914, Nagapattinam 1616450,
  Thiruvarur 1264277, Thanjavur 2405890, Pudukkottai 1618345, Sivaganga 1339101, Madurai 3038252,
  Theni 1245899, Virudhunagar 1942288, Ramanathapuram 1353445, Thoothukkudi 1750176,
  Tirunelveli 3077233, Kanniyakumari 1870374, Dharmapuri 1506843, Krishnagiri 1879809,
  Coimbatore 3458045, Tiruppur 2479052
PY:
  Yanam 55626, PONDICHERRY 950289, Mahe 41816, Karaikal 200222
AN:
  Nicobars 36842, North and Middle Andaman 105597, South Andaman 238142
`;

export const districts: readonly District[] = readBlocks(census);

function readBlocks(text: string): District[] {
  let state = -1;
  const found: District[] = [];
  for (const line of text.trim().split("\n")) {
    if (line.endsWith(":")) state = stateNumber(line.slice(0, -1));
    else found.push(...readLine(line, state));
  }
  return found;
}

function readLine(line: string, state: number): District[] {
  const entries = line.split(",").map((entry) => entry.trim());
  return entries
    .filter((entry) => entry !== "")
    .map((entry) => {
      const at = entry.lastIndexOf(" ");
      return { name: entry.slice(0, at), state, population: Number(entry.slice(at + 1)) };
    });
}

function stateNumber(code: string): number {
  const index = states.findIndex((state) => state.code === code);
  assert(index >= 0, "unknown state in the census table", { code });
  return index;
}
