/** The 543 constituencies of the Lok Sabha. */
import { assert } from "../../basics";
import { mix } from "../permutation";
import { districts } from "../india/districts";
import { states } from "../india/states";

export interface Constituency {
  /** The state's letters and the place in its list, such as "UP-77". */
  readonly code: string;
  readonly name: string;
  /** Index into `states`. */
  readonly state: number;
  /** For whom the seat is reserved: nobody, scheduled castes, scheduled tribes. */
  readonly reservation: "GEN" | "SC" | "ST";
  /** Its part of the country's electors, as a weight (any sum). */
  readonly weight: number;
}

/**
 * Source: Delimitation Commission of India, Order of 2008, with the division of Andhra Pradesh in
 * 2014: the seats of the general elections of 2014 and 2019; written from memory, their numbers by
 * state and reservation are tested. One block a state; (SC) and (ST) mark reserved seats.
 */
const seats = `
JK:
  Baramulla, Srinagar, Anantnag, Ladakh, Udhampur, Jammu
HP:
  Kangra, Mandi, Hamirpur, Shimla (SC)
PB:
  Gurdaspur, Amritsar, Khadoor Sahib, Jalandhar (SC), Hoshiarpur (SC), Anandpur Sahib, Ludhiana,
  Fatehgarh Sahib (SC), Faridkot (SC), Firozpur, Bathinda, Sangrur, Patiala
CH:
  Chandigarh
UK:
  Tehri Garhwal, Garhwal, Almora (SC), Nainital-Udhamsingh Nagar, Hardwar
HR:
  Ambala (SC), Kurukshetra, Sirsa (SC), Hisar, Karnal, Sonipat, Rohtak, Bhiwani-Mahendragarh,
  Gurgaon, Faridabad
DL:
  Chandni Chowk, North East Delhi, East Delhi, New Delhi, North West Delhi (SC), West Delhi,
  South Delhi
RJ:
  Ganganagar (SC), Bikaner (SC), Churu, Jhunjhunu, Sikar, Jaipur Rural, Jaipur, Alwar,
  Bharatpur (SC), Karauli-Dholpur (SC), Dausa (ST), Tonk-Sawai Madhopur, Ajmer, Nagaur, Pali,
  Jodhpur, Barmer, Jalore, Udaipur (ST), Banswara (ST), Chittorgarh, Rajsamand, Bhilwara, Kota,
  Jhalawar-Baran
UP:
  Saharanpur, Kairana, Muzaffarnagar, Bijnor, Nagina (SC), Moradabad, Rampur, Sambhal, Amroha,
  Meerut, Baghpat, Ghaziabad, Gautam Buddha Nagar, Bulandshahr (SC), Aligarh, Hathras (SC),
  Mathura, Agra (SC), Fatehpur Sikri, Firozabad, Mainpuri, Etah, Badaun, Aonla, Bareilly,
  Pilibhit, Shahjahanpur (SC), Kheri, Dhaurahra, Sitapur, Hardoi (SC), Misrikh (SC), Unnao,
  Mohanlalganj (SC), Lucknow, Rae Bareli, Amethi, Sultanpur, Pratapgarh, Farrukhabad,
  Etawah (SC), Kannauj, Kanpur, Akbarpur, Jalaun (SC), Jhansi, Hamirpur, Banda, Fatehpur,
  Kaushambi (SC), Phulpur, Allahabad, Barabanki (SC), Faizabad, Ambedkar Nagar, Bahraich (SC),
  Kaiserganj, Shrawasti, Gonda, Domariyaganj, Basti, Sant Kabir Nagar, Maharajganj, Gorakhpur,
  Kushi Nagar, Deoria, Bansgaon (SC), Lalganj (SC), Azamgarh, Ghosi, Salempur, Ballia, Jaunpur,
  Machhlishahr (SC), Ghazipur, Chandauli, Varanasi, Bhadohi, Mirzapur, Robertsganj (SC)
BR:
  Valmiki Nagar, Paschim Champaran, Purvi Champaran, Sheohar, Sitamarhi, Madhubani, Jhanjharpur,
  Supaul, Araria, Kishanganj, Katihar, Purnia, Madhepura, Darbhanga, Muzaffarpur, Vaishali,
  Gopalganj (SC), Siwan, Maharajganj, Saran, Hajipur (SC), Ujiarpur, Samastipur (SC), Begusarai,
  Khagaria, Bhagalpur, Banka, Munger, Nalanda, Patna Sahib, Pataliputra, Arrah, Buxar,
  Sasaram (SC), Karakat, Jahanabad, Aurangabad, Gaya (SC), Nawada, Jamui (SC)
SK:
  Sikkim
AR:
  Arunachal West, Arunachal East
NL:
  Nagaland
MN:
  Inner Manipur, Outer Manipur (ST)
MZ:
  Mizoram (ST)
TR:
  Tripura West, Tripura East (ST)
ML:
  Shillong (ST), Tura (ST)
AS:
  Karimganj (SC), Silchar, Autonomous District (ST), Dhubri, Kokrajhar (ST), Barpeta, Gauhati,
  Mangaldoi, Tezpur, Nowgong, Kaliabor, Jorhat, Dibrugarh, Lakhimpur
WB:
  Coochbehar (SC), Alipurduars (ST), Jalpaiguri (SC), Darjeeling, Raiganj, Balurghat,
  Maldaha Uttar, Maldaha Dakshin, Jangipur, Baharampur, Murshidabad, Krishnanagar, Ranaghat (SC),
  Bangaon (SC), Barrackpur, Dum Dum, Barasat, Basirhat, Jaynagar (SC), Mathurapur (SC),
  Diamond Harbour, Jadavpur, Kolkata Dakshin, Kolkata Uttar, Howrah, Uluberia, Sreerampur,
  Hooghly, Arambag (SC), Tamluk, Kanthi, Ghatal, Jhargram (ST), Medinipur, Purulia, Bankura,
  Bishnupur (SC), Bardhaman Purba (SC), Bardhaman-Durgapur, Asansol, Bolpur (SC), Birbhum
JH:
  Rajmahal (ST), Dumka (ST), Godda, Chatra, Kodarma, Giridih, Dhanbad, Ranchi, Jamshedpur,
  Singhbhum (ST), Khunti (ST), Lohardaga (ST), Palamau (SC), Hazaribagh
OD:
  Bargarh, Sundargarh (ST), Sambalpur, Keonjhar (ST), Mayurbhanj (ST), Balasore, Bhadrak (SC),
  Jajpur (SC), Dhenkanal, Bolangir, Kalahandi, Nabarangpur (ST), Kandhamal, Cuttack, Kendrapara,
  Jagatsinghpur (SC), Puri, Bhubaneswar, Aska, Berhampur, Koraput (ST)
CG:
  Surguja (ST), Raigarh (ST), Janjgir-Champa (SC), Korba, Bilaspur, Rajnandgaon, Durg, Raipur,
  Mahasamund, Bastar (ST), Kanker (ST)
MP:
  Morena, Bhind (SC), Gwalior, Guna, Sagar, Tikamgarh (SC), Damoh, Khajuraho, Satna, Rewa, Sidhi,
  Shahdol (ST), Jabalpur, Mandla (ST), Balaghat, Chhindwara, Hoshangabad, Vidisha, Bhopal,
  Rajgarh, Dewas (SC), Ujjain (SC), Mandsour, Ratlam (ST), Dhar (ST), Indore, Khargone (ST),
  Khandwa, Betul (ST)
GJ:
  Kachchh (SC), Banaskantha, Patan, Mahesana, Sabarkantha, Gandhinagar, Ahmedabad East,
  Ahmedabad West (SC), Surendranagar, Rajkot, Porbandar, Jamnagar, Junagadh, Amreli, Bhavnagar,
  Anand, Kheda, Panchmahal, Dahod (ST), Vadodara, Chhota Udaipur (ST), Bharuch, Bardoli (ST),
  Surat, Navsari, Valsad (ST)
DD:
  Daman and Diu
DN:
  Dadra and Nagar Haveli (ST)
MH:
  Nandurbar (ST), Dhule, Jalgaon, Raver, Buldhana, Akola, Amravati (SC), Wardha, Ramtek (SC),
  Nagpur, Bhandara-Gondiya, Gadchiroli-Chimur (ST), Chandrapur, Yavatmal-Washim, Hingoli, Nanded,
  Parbhani, Jalna, Aurangabad, Dindori (ST), Nashik, Palghar (ST), Bhiwandi, Kalyan, Thane,
  Mumbai North, Mumbai North West, Mumbai North East, Mumbai North Central, Mumbai South Central,
  Mumbai South, Raigad, Maval, Pune, Baramati, Shirur, Ahmednagar, Shirdi (SC), Beed, Osmanabad,
  Latur (SC), Solapur (SC), Madha, Sangli, Satara, Ratnagiri Sindhudurg, Kolhapur, Hatkanangle
AP:
  Araku (ST), Srikakulam, Vizianagaram, Visakhapatnam, Anakapalle, Kakinada, Amalapuram (SC),
  Rajahmundry, Narsapuram, Eluru, Machilipatnam, Vijayawada, Guntur, Narasaraopet, Bapatla (SC),
  Ongole, Nandyal, Kurnool, Anantapur, Hindupur, Kadapa, Nellore, Tirupati (SC), Rajampet,
  Chittoor (SC)
TS:
  Adilabad (ST), Peddapalle (SC), Karimnagar, Nizamabad, Zahirabad, Medak, Malkajgiri,
  Secunderabad, Hyderabad, Chevella, Mahbubnagar, Nagarkurnool (SC), Nalgonda, Bhongir,
  Warangal (SC), Mahabubabad (ST), Khammam
KA:
  Chikkodi, Belgaum, Bagalkot, Bijapur (SC), Gulbarga (SC), Raichur (ST), Bidar, Koppal,
  Bellary (ST), Haveri, Dharwad, Uttara Kannada, Davanagere, Shimoga, Udupi Chikmagalur, Hassan,
  Dakshina Kannada, Chitradurga (SC), Tumkur, Mandya, Mysore, Chamarajanagar (SC),
  Bangalore Rural, Bangalore North, Bangalore Central, Bangalore South, Chikkballapur,
  Kolar (SC)
GA:
  North Goa, South Goa
LD:
  Lakshadweep (ST)
KL:
  Kasaragod, Kannur, Vadakara, Wayanad, Kozhikode, Malappuram, Ponnani, Palakkad, Alathur (SC),
  Thrissur, Chalakudy, Ernakulam, Idukki, Kottayam, Alappuzha, Mavelikkara (SC), Pathanamthitta,
  Kollam, Attingal, Thiruvananthapuram
TN:
  Tiruvallur (SC), Chennai North, Chennai South, Chennai Central, Sriperumbudur,
  Kancheepuram (SC), Arakkonam, Vellore, Krishnagiri, Dharmapuri, Tiruvannamalai, Arani,
  Viluppuram (SC), Kallakurichi, Salem, Namakkal, Erode, Tiruppur, Nilgiris (SC), Coimbatore,
  Pollachi, Dindigul, Karur, Tiruchirappalli, Perambalur, Cuddalore, Chidambaram (SC),
  Mayiladuthurai, Nagapattinam (SC), Thanjavur, Sivaganga, Madurai, Theni, Virudhunagar,
  Ramanathapuram, Thoothukkudi, Tenkasi (SC), Tirunelveli, Kanniyakumari
PY:
  Pondicherry
AN:
  Andaman and Nicobar Islands
`;

export const constituencies: readonly Constituency[] = readSeats(seats);

function readSeats(text: string): Constituency[] {
  const found: Constituency[] = [];
  for (const block of text.trim().split(/\n(?=[A-Z]{2}:)/)) {
    const state = states.findIndex(({ code }) => block.startsWith(`${code}:`));
    assert(state >= 0, "unknown state in the list of constituencies", { block });
    const names = block
      .slice(3)
      .split(",")
      .map((name) => name.trim());
    const seatNames = names.filter((name) => name !== "");
    seatNames.forEach((name, index) => found.push(readSeat(name, state, index, seatNames.length)));
  }
  return found;
}

function readSeat(text: string, state: number, index: number, seatsOfState: number): Constituency {
  const [, name = text, reserved] = /^(.*?)(?: \((SC|ST)\))?$/.exec(text) ?? [];
  return {
    code: `${states[state].code}-${String(index + 1).padStart(2, "0")}`,
    name,
    state,
    reservation: (reserved as "SC" | "ST" | undefined) ?? "GEN",
    weight: (populationOf(state) / seatsOfState) * evenness(state, index),
  };
}

/** Seats of a state differ in electors by up to 12 % from their mean; which ones is made up. */
function evenness(state: number, index: number): number {
  return 0.88 + (0.24 * mix(index, state)) / 0x1_0000_0000;
}

function populationOf(state: number): number {
  return districts.reduce((sum, d) => sum + (d.state === state ? d.population : 0), 0);
}
